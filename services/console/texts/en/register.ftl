register-lead = What is not on this form is not asked. Nothing you have typed is lost by a mistake.
register-what = The matter
written-on = Date on the letter
register-title = Title
register-title-hint = One line: where and what. No names, no telephone numbers
register-text = Facts and reasons
register-text-hint = When, where, what happened; which units were asked before and what they said
register-claims-hint = One line for each claim: the agency has to answer every one of them.
register-claim = Claim
register-add-claim = Add a claim
row-remove = Remove
row-remove-label = Remove number { $no }
register-accused = Accused units
register-accused-hint = Nothing about this submission will reach the units ticked here, or units under them.
register-accused-units = Units
petitioner = Petitioner
petitioner-sealed = This block is encrypted apart from the rest. It enters no list, search or statistics; every reading asks for a purpose and is logged.
petitioner-sealed-public = Your identity is encrypted apart from the rest. With your number and query code you can see which unit has looked at it.
anonymous = Anonymous
withhold-identity = Do not pass the identity on to the agency
withhold-identity-public = Do not pass my identity on to the agency
person-name = Name
person-telephone = Telephone
person-id-kind = Kind of identity paper
person-id-none = Not given
person-id-number = Number of the paper
person-address = Postal address
person-email = Mail address (for notices, optional)
co-petitioners = Co-petitioners
co-petitioner = Co-petitioner
co-petitioners-none = No co-petitioners
register-add-co = Add a co-petitioner
heads = Number of people
heads-hint = Several people visiting on one matter elect at most 5 representatives (Art. 20)
attachments = Attachments
files-choose = Choose files
files-hint = Up to { $size } each and { $count } in all: PDF, pictures, documents, sound, video
files-count = { $count ->
    [one] 1 file
   *[other] { $count } files
 }
form-problems = { $count ->
    [one] One thing needs to be changed; what you typed is kept:
   *[other] { $count } things need to be changed; what you typed is kept:
 }
warnings-head = Please check once more.
warnings-text = What is marked looks wrong, but does not stop the registration.
warnings-confirm = I have checked: it is right as it stands
register-submit = Register
register-submit-hint = Number, query code and receipt follow as soon as it is recorded
registered = Registered
registered-at = Registered by { $office } at { $at }.
registered-next = { $office } will hand it to the competent agency by { $on }.
registered-time = Registered at
query-code = Query code
query-code-once = The query code appears here and on the receipt only. Write it down, or print it for the petitioner.
receipt-print = Print the receipt
register-again = Register another
warning-id_check_digit = The check digit does not fit: compare it with the card
warning-credit_code_check_digit = The check character does not fit: compare it with the certificate
warning-written_long_ago = The date on the letter lies more than five years back: check the year
warning-telephone_shape = This does not look like a telephone number
