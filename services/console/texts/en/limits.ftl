due = Due
due-left = { $days ->
    [one] 1 day left
   *[other] { $days } days left
 }
due-today = Due today
due-rolled = { $days ->
    [0] Rolled over to today
    [one] Rolled over, 1 day left
   *[other] Rolled over, { $days } days left
 }
due-overdue = { $days ->
    [one] 1 day overdue
   *[other] { $days } days overdue
 }
due-elsewhere = Handed over; see its dates
due-none = No running limit
due-tip = Nominal { $nominal }, legal { $legal }
due-rule = Limit
due-duty = Duty of
due-started = Counted from
due-nominal = Nominal date
due-legal = Legal date
due-provisional = provisional: that year's holidays are not published yet
article = Basis
unit-N = { $days ->
    [one] 1 day
   *[other] { $days } days
 }
unit-W = { $days ->
    [one] 1 working day
   *[other] { $days } working days
 }
duty-office = Joint Conference Office
duty-agency = Agency
duty-petitioner = Petitioner
buckets-label = By time left
bucket-overdue = Overdue
bucket-today = Due today
bucket-three_days = Within 3 days
bucket-week = Within 7 days
bucket-later = Later
bucket-none = No limit
rule-T01 = Forward or assign after registration
rule-T01a = Pass on tier by tier
rule-T02 = Written notice on a direct petition
rule-T03 = Notify acceptance
rule-T04 = Lodge an objection
rule-T05 = Limit of the assignment
rule-T06 = Issue the written opinion
rule-T07 = Ask for a review
rule-T08 = Review
rule-T09 = Ask for a re-review
rule-T10 = Re-review
rule-T11 = Not accepted again after the end
rule-T12 = Feedback on a proposal
rule-T13 = Simple procedure: decide acceptance
rule-T14 = Simple procedure: issue the opinion
rule-T15 = Simple procedure: pass on
rule-T16 = Admit or refuse a review
rule-T17 = Notice of a hearing
rule-T18 = Report of an urgent matter
rule-T19 = Annual assessment and report
rule-T20 = Satisfaction rating
rule-T21 = Registration
start-received = receipt of the submission
start-delivered = delivery into the agency's inbox
start-accepted = acceptance
start-assigned = assignment
start-served = receipt of the opinion by the petitioner
working-start = Start: { $event }, { $on } (that day is not counted)
working-deemed = no acceptance was recorded: deemed accepted 15 days after receipt
working-count = { $length } counted from { $first }
working-rest-N = The last day falls on { $name } ({ $from } to { $to }): rolled over
working-rest-W = Not counted: { $name }, { $from } to { $to }
working-make-up = Counted although at a weekend, being working days by notice:{" "}
working-paused = { $days ->
    [one] 1 day
   *[other] { $days } days
 } excluded by law
working-extended = Was to end on { $nominal } (legal date { $legal }); the head of the unit granted { $days } more days on { $on }, for the reason in the notice
working-nominal = Nominal date { $on } (warnings and order use it)
working-legal-same = Legal date { $on } (a working day)
working-legal-rolled = Legal date { $on } (rolled over to the first working day after)
working-state-running = Running
working-state-met = Met
working-state-met_late = Met late
working-state-missed = Missed
working-state-ended = Ended
