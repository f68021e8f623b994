"""What a month says of the work: figures, shares and tables, out of alarms and registers. No store, and no clock.

Work is judged here, never a person under supervision: nobody is ranked, and how many are located, wear a bracelet or
raise alarms is no figure of merit.
"""
