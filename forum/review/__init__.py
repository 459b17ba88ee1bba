"""Analysis proposes groups, people decide themes, the ledger remembers. Entered by facilitators.

Owns: AnalysisRun, Cluster, RunMember, RunPlacer (evidence, never edited); Theme, ThemeMember, Decision
(what people decided).
"""
