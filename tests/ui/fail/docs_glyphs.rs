//! Documentation text: characters, commands, groups, brackets.

use gate_runtime::cell_from_docs;

/// ```math
/// a_t = \tanh(W x_t + \weird h_{t-1})
/// b_t = W x_t § h_{t-1}
/// c_t = W x_t . h_{t-1}
/// d_t = \overline{W x_t + b}
/// e_t = \sqrt[3]{W x_t}
/// f_t = (x_t \text{ of the input}) W
/// g_t = \alpha pq x_t
/// ```
#[cell_from_docs]
pub struct Characters;

/// ```math
/// h_t = tanh(W x_t + U h_t-1)
/// ```
#[cell_from_docs]
pub struct Step;

/// ```math
/// y_t = \tanh(\alpha W_hr x_t)
/// ```
#[cell_from_docs]
pub struct Mark;

/// ```math
/// y_t = W x_t + \mathbf{U h_{t-1}
/// ```
#[cell_from_docs]
pub struct Group;

/// ```math
/// y_t = W x_t + \tilde
/// ```
#[cell_from_docs]
pub struct Argument;

/// ```math
/// a_t = \tanh(W x_t + U h_{t-1}
/// b_t = \tanh(W x_t + U h_{t-1}))
/// c_t = \frac{x_t}
/// ```
#[cell_from_docs]
pub struct Brackets;

/// ```math
/// h_t = \begin{cases} x_t & \text{if } x_t > 0 \end{cases}
/// ```
#[cell_from_docs]
pub struct Cases;

/// ```math
/// h_t = \begin{cases} x_t & 1 \\ 2 x_t & 2 \end{cases}
/// ```
#[cell_from_docs]
pub struct Conditions;

fn main() {}
