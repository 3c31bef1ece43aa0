//! Stories across all services: REST in front, a real nats-server between, each agency's own node behind.

mod accusation;
mod attachments;
mod backup;
mod co_handling;
mod conformance;
mod extension;
mod foreign_agency;
mod hand_over;
mod import;
mod isolation;
mod late_agency;
mod lost_store;
mod main_path;
mod meeting;
mod notices;
mod objection;
mod own_site;
mod paper_agency;
mod recall;
mod register;
mod registration;
mod repeats;
mod rules_change;
mod webhooks;
mod working_days;
