//! What the suite's tests and the bench share.
