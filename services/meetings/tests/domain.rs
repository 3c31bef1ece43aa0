//! What meetings decides, without a store.

use contracts::{codes::InvitationReply, meetings::commands::ReplyView};
use meetings::domain::{meeting::Invited, text};

use super::fixtures::{code, day};

fn reply(sequence: i64, reply: InvitationReply) -> ReplyView {
    ReplyView { sequence, reply, reason: None, substitute_post: None, on: day("2026-08-10") }
}

fn invited() -> Invited {
    Invited::of(&contracts::meetings::Invitee { agency: code("renshe"), required: true })
}

/// RFC 5546: sequence decides, whatever order replies come in.
#[test]
fn a_reply_to_an_older_invitation_does_not_replace_a_newer_one() {
    let mut one = invited();
    one.hear(reply(1, InvitationReply::Accepted));
    one.hear(reply(0, InvitationReply::Declined));
    assert_eq!(one.reply.as_ref().map(|r| r.reply), Some(InvitationReply::Accepted));
    one.hear(reply(1, InvitationReply::Tentative));
    assert_eq!(one.reply.map(|r| r.reply), Some(InvitationReply::Tentative));
}

#[test]
fn a_text_is_trimmed_and_ends_at_its_limit() {
    assert_eq!(text::owed(" 三楼 ", 2, "place", false).as_deref(), Ok("三楼"));
    assert_eq!(text::owed("三楼东", 2, "place", false).expect_err("long").code, "conference_field_too_long");
    assert_eq!(text::owed("三\n楼", 9, "place", false).expect_err("line").code, "conference_field_too_long");
    assert_eq!(text::owed("三\n楼", 9, "facts", true).as_deref(), Ok("三\n楼"));
    assert_eq!(text::owed("\t ", 9, "facts", true).expect_err("empty").code, "conference_field_owed");
}
