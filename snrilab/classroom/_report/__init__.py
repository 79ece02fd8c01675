"""The report that answers a lecturer: one page and tables for an assignment, another for the term.

Runs in the coordinator. What is known is read once (`record`); each further module answers one
question from it and knows no page; `page` and `tables` write what was found.
"""
