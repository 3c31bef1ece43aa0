# Open311 GeoReport v2
open311-region = 问题所在地区
open311-withhold_identity = 要求不透露身份
open311-yes = 是
open311-place = 地点：
open311-notice = 已登记。查询码 { $code }，请妥善保管；登记机关最迟于 { $due } 转送有权处理的单位。
