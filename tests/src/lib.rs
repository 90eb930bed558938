//! Random models shared by the laws and the validation suites.
