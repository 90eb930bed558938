//! The forms of the expansion against each other, against exact data and against
//! closed forms. One binary: the engine is compiled for it once.

mod bogoliubov;
mod bounds;
mod equation;
mod high_orders;
mod interaction_picture;
mod joint_moments;
mod operations;
mod reference;
mod three_forms;
