"""Word lists the readers go by."""

from __future__ import annotations

import re


def words(text: str) -> frozenset[str]:
    """A set of words, written as a text."""
    return frozenset(text.split())


ROLES = words(
    """interviewer interviewee participant respondent moderator facilitator researcher speaker student teacher patient
    expert host guest subject informant proband befragter befragte interviewerin befragerin i b p q a r f m
    question answer frage antwort
    采访者 受访者 访谈者 面试官 採訪者 受訪者 聞き手 回答者 話し手 면접관 면접자 참가자
    응답자 интервьюер респондент участник информант מראיין מרואיין משתתף
    المحاور الباحث الباحثة المشارك المشاركة"""
)
HEADER_KEYS = words(
    """date place time location duration length present participants interviewer interviewee moderator project title
    subject file audio recording recorded transcribed transcriber transcript transcription language topic session
    name size created modified author version attendees study id datum ort dauer datei thema teilnehmer projekt
    interview keywords summary background context setting method notes legend key code codes url link source"""
)
SOUNDS = words(
    """laughs laughter laughing pause silence silent inaudible unintelligible indistinct crosstalk music applause sigh
    sighs sighing cough coughs coughing noise noises nods nodding smiles whispers break recording lacht lachen stille
    unverständlich rires risas foreign"""
)
DEVICES = words(
    """iphone ipad galaxy pixel android macbook imac laptop phone pc computer tablet desktop oneplus huawei xiaomi redmi
    nokia samsung zoom-room user user_1 user_2 call-in dial-in handy tv surface chromebook"""
)
NO_LABELS = words(
    """note notes example remark ps nb so yes no okay ok well and but because first second third http https anyway
    warning summary todo tip update e.g i.e fourth fifth firstly secondly thirdly finally lastly erstens zweitens
    drittens viertens also premièrement deuxièmement troisièmement enfin primero segundo tercero finalmente"""
)
GREETINGS = words(
    """hello hi hey welcome thanks thank goodbye bye yes yeah yep no nope okay ok sure right exactly mhm hm hmm uh uhm
    um well so good great fine please sorry hallo guten danke ja nein gut genau tja also bonjour salut merci oui non
    bien hola gracias sí vale claro olá obrigado sim não ciao grazie certo dank nee hej tack nej cześć dziękuję tak"""
)
# With a number they count what somebody tells of ("Step 2: compare"); people are counted otherwise.
COUNTED_THINGS = words(
    """topic thema tema step part chapter stage phase option point item reason level version scenario example figure
    page section paragraph day week month year quarter lesson rule fact plan idea schritt teil kapitel punkt grund stufe
    tag woche monat jahr seite abschnitt beispiel variante étape partie chapitre jour semaine raison paso parte
    capítulo etapa día semana razón ejemplo fase"""
)
# Behind a name or a pronoun they report what somebody said: "She said: no".
REPORTING = words(
    """said says say asked asks told tells thought replied answered goes went wrote writes shouted sagte sagt fragte
    fragt meinte meint antwortete dachte schrieb dit disait demande demandait répond répondait dijo dice decía preguntó
    pensó disse diz perguntou"""
)
PARTICLES = words("van von de der den da di du la le of the and und et y e & zu st.")
SPEAKER_COLUMNS = words(
    """speaker speakers name who label person voice participant actor wer sprecher sprecherin redner rednerin locutor
    locutora locuteur locutrice hablante parlante falante orador spreker talare taler 話者 说话人 発言者 發言人 发言人
    speaker_name speaker_id speaker_label speakername sprecher:in sprecher*in sprechende intervenant intervenante nom
    interlocuteur who_speaks говорящий спикер المتحدث المتكلم דובר הדובר 화자 talare puhuja mówca mluvčí konuşmacı
    tier tier_name"""
)
# Beside a column `speaker`, these tell whose interview it is; where every row has another, each row is a person.
RESPONDENT_COLUMNS = words(
    """participant participants respondent name person transcript id case teilnehmer teilnehmerin teilnehmende befragte
    befragter proband participante encuestado participante_id répondant participant_id respondent_id response_id
    responseid user email username answer_id fall fallnummer record nom nombre nome naam namn имя שם 名前 姓名"""
)
# What people are, not who they are: no column of speakers, though "m" and "f" look like labels.
ATTRIBUTE_COLUMNS = words(
    """gender sex geschlecht sexe genre género sexo gênero genere sesso geslacht kön пол 性別 性别 age alter âge edad
    idade leeftijd ålder age_group altersgruppe country land pays país beruf occupation profession job"""
)
TEXT_COLUMNS = words(
    """text utterance content transcript transcription words speech what said sentence utterances turn_text inhalt
    texto aussage message was gesagtes wortlaut transkript transkription redebeitrag äußerung original verbatim
    transcripción transcrição transcrizione texte testo tekst statement 発言 原文 内容 propos paroles
    текст реплика النص טקסט 발언 teksti metin wypowiedź what_was_said annotation
    annotations"""
)
QUESTION_COLUMNS = words("question questions frage fragen pregunta pergunta domanda vraag")
ANSWER_COLUMNS = words("answer answers response antwort antworten réponse respuesta resposta risposta antwoord")
TRANSLATION_PARTS = words(
    """translation translated translations übersetzung traduction traducción tradução traduzione vertaling översättning
    gloss перевод 翻訳 翻译 译文"""
)
NOTE_COLUMNS = words(
    """note notes comment comments memo memos remark remarks observation observations anmerkung anmerkungen kommentar
    kommentare bemerkung bemerkungen notiz notizen nota notas remarque remarques commentaire commentaires
    observaciones"""
)
CODE_COLUMNS = words(
    """code codes coding codings tag tags theme themes label labels category categories node nodes kode kodes kategorie
    kategorien codierung código códigos codice codici"""
)
COUNT_COLUMNS = words("# no nr number n° num id index line row turn zeile nummer segment línea ligne riga")
START_COLUMNS = words(
    """start begin start_time starttime from timestamp time timecode in anfang zeit start_ms hora tiempo temps heure
    tijd tempo beginn von"""
)
END_COLUMNS = words("end stop end_time endtime to out ende end_ms bis fin fine")
# what a transcriber writes where words are missing
MARKER = re.compile(
    r"\[(?:inaudible|unintelligible|indistinct|crosstalk|foreign|laughter|silence)[^\]\n]{0,60}\]", re.I
)
