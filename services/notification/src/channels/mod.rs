//! The ways by which a notice leaves the house by itself, and what each proves. A letter is a person's to post.

pub mod mail;
