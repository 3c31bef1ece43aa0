//! One file per service: from the site to what the service needs, and its running task.

pub mod agency;
pub mod console;
pub mod intake;
pub mod meetings;
pub mod notification;
pub mod routing;
pub mod supervision;
