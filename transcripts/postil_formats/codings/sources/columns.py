"""What columns of codings are called: in Postil, in other programs, and by people, in several languages."""

from __future__ import annotations

from collections.abc import Mapping

SEGMENT_KEYS: Mapping[str, tuple[str, ...]] = {
    "transcript": (
        *("transcript", "document", "interview", "source", "file", "document name", "transcript id", "doc name"),
        *("media title", "resource title", "file name", "filename", "source name", "document title", "file/case"),
        *("dokument", "dokumentname", "datei", "dateiname", "quelle", "transkript", "nombre del documento"),
        *("documento", "nom du document", "nome do documento", "nome del documento", "media", "resource"),
        *("document id", "doc id", "interview id", "file id"),
        *("entrevista", "fuente", "archivo", "fichier", "entretien", "fonte", "intervista", "bron", "bestand"),
    ),
    "participant": (
        *("participant", "case", "respondent", "person", "participant id", "case name", "fall", "teilnehmer"),
        *("teilnehmerin", "befragte", "befragter", "participante"),
    ),
    "coder": (
        *("coder", "coder name", "rater", "annotator", "user", "user name", "username", "owner", "coded by", "author"),
        *(
            "reader",
            "created by",
            "excerpt creator",
            "creator",
            "coded by initials",
            "researcher",
            "coder id",
            "rater id",
            "annotator id",
            "user id",
            "codierer",
        ),
        *("kodierer", "codiererin", "kodiererin", "codiert von", "kodiert von", "autor", "autorin", "erstellt von"),
        *("ersteller", "codificador", "creado por", "auteur", "créé par", "creato da", "criado por", "modified by"),
        *("bearbeitet von", "geändert von", "modificado por", "modifié par", "modificato da"),
        *("coder id", "rater id", "annotator id", "user id", "kodierer/in", "codierer/in", "codeur", "codeuse"),
        *("codificador/a", "codificadora", "codificado por", "codificatore", "codeerder", "codé par", "koder"),
    ),
    "id": ("segment id", "id", "record", "highlight id", "quotation id", "segment"),
    "quote": (
        *("quote", "quotation", "segment text", "coded text", "excerpt copy", "excerpt", "quotation content"),
        *(
            "text content",
            "content",
            "passage",
            "text",
            "highlight",
            "coded",
            "selected text",
            "seltext",
            "coded segment",
        ),
        *("words", "verbatim", "utterance", "statement", "response", "answer", "zitat", "textstelle", "textsegment"),
        *("codierter text", "kodierter text", "codiertes segment", "inhalt", "aussage", "antwort", "cita", "segmento"),
        *("texto", "extrait", "citation", "contenu", "texte", "testo", "citazione", "zitatinhalt", "zitattext"),
        *("contenido de la cita", "texto codificado", "cita textual", "fragmento", "brano", "fragment", "verbatims"),
        *("contenu de la citation", "texte codé", "conteúdo da citação", "contenido", "citaat"),
    ),
    "codes": (
        *("codes", "code", "code name", "codename", "labels", "label", "tags", "tag", "themes", "theme", "coding"),
        *("codings", "coded as", "codes applied combined", "codes applied", "nodes", "node", "kodes", "kode"),
        *("kategorie", "kategorien", "codierung", "codierungen", "kodierung", "kodierungen", "schlagwort"),
        *("schlagwörter", "códigos", "código", "codice", "codici", "category", "categories", "code(s)", "code id"),
        *("nodo", "nodos", "nœud", "noeud", "etiqueta", "etiquetas", "categoría", "catégorie", "node name"),
    ),
    "applied": (
        *(
            "applied",
            "applies",
            "present",
            "value",
            "coded?",
            "assigned",
            "is coded",
            "yes/no",
            "angewendet",
            "vergeben",
        ),
        *("trifft zu", "wert", "0/1"),
    ),
    "subcode": ("subcode", "sub code", "child code", "untercode", "unterkategorie"),
    "memo": (
        *("memo", "comment", "note", "notes", "remark", "comments", "memos", "remarks", "segment memo", "coded memo"),
        *("kommentar", "kommentare", "notiz", "notizen", "anmerkung", "anmerkungen", "bemerkung", "bemerkungen"),
        *("comentario", "comentarios", "commentaire", "commentaires", "commento", "comentário", "observaciones"),
        *("observación", "nota", "notas", "remarque", "remarques", "opmerking", "opmerkingen"),
    ),
    "start": ("start", "begin", "from position", "start position", "segment start", "pos0", "start offset"),
    "end": ("end", "stop", "to position", "end position", "segment end", "pos1", "end offset"),
    "unsure": ("unsure",),
    "mode": ("mode", "modus"),
    "prefix": ("before", "prefix"),
    "suffix": ("after", "suffix"),
}
OWN_KEYS: Mapping[str, tuple[str, ...]] = {  # of Postil's own tables, which say what kind of layer a row is from
    key: (key,) for key in ("kind", "done", "codebook", "round", "at", "checked", "unanchored", "extra")
}
RELATION_KEYS: Mapping[str, tuple[str, ...]] = {
    "transcript": SEGMENT_KEYS["transcript"],
    "participant": SEGMENT_KEYS["participant"],
    "coder": SEGMENT_KEYS["coder"],
    "id": ("relation", "relation id", "id", "record"),
    "from": ("from", "from segment", "source segment"),
    "from_code": ("from code",),
    "to": ("to", "to segment", "target segment"),
    "to_code": ("to code",),
    "type": ("type", "relation type", "kind"),
    "cue": ("cue", "cue text", "wording"),
    "guard": ("guard", "condition"),
    "memo": SEGMENT_KEYS["memo"],
    "mode": SEGMENT_KEYS["mode"],
    "cue_start": ("cue start",),
    "cue_end": ("cue end",),
}
