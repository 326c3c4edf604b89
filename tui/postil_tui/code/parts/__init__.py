"""The parts of the code screen: each carries out the actions of one group."""
