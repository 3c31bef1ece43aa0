//! What intake decides, without I/O: is the input right, who may see what, what is masked.

pub mod access;
pub mod citizen_id;
pub mod credit_code;
pub mod digits;
pub mod email;
pub mod fact;
pub mod identity;
pub mod like;
pub mod link;
pub mod masking;
pub mod media_type;
pub mod number;
pub mod registration;
pub mod rights;
pub mod telephone;
pub mod upload;
