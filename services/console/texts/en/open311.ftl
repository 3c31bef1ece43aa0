# Open311 GeoReport v2
open311-region = Region of the problem
open311-withhold_identity = Do not pass the identity on
open311-yes = Yes
open311-place = Place: 
open311-notice = Registered. Query code { $code }: keep it. By { $due } the office sends it to the unit that decides.
