namespace NetGen;

/// <summary>
/// The optimisers: how a gradient g = ∂loss/∂w changes a parameter w. Formulas and constants are PyTorch's; η is the learning rate, t counts
/// the steps from 1. What an optimiser remembers starts at zero. With a weight decay λ, g is ∂loss/∂w + λ·w, except in <see cref="AdamW"/>.
/// </summary>
#if NETGEN_COMPILER
internal
#else
public
#endif
enum Optimizer
{
    /// <summary>
    /// Stochastic gradient descent: w ← w − η·g. With momentum μ (Polyak, 1964): m ← μ·m + g, w ← w − η·m; with Nesterov's
    /// (Sutskever et al., 2013): w ← w − η·(g + μ·m).
    /// </summary>
    Sgd,

    /// <summary>Adagrad (Duchi et al., 2011): s ← s + g², w ← w − η·g / (√s + ε). ε is 1e-10, η 0.01 where none is given.</summary>
    Adagrad,

    /// <summary>
    /// Adadelta (Zeiler, 2012): s ← ρ·s + (1 − ρ)·g², d = g·√(u + ε) / √(s + ε), u ← ρ·u + (1 − ρ)·d², w ← w − η·d.
    /// ρ is 0.9, ε 1e-6, η 1 where none is given.
    /// </summary>
    Adadelta,

    /// <summary>
    /// RMSprop (Hinton, 2012): s ← α·s + (1 − α)·g², w ← w − η·g / (√s + ε); with momentum μ: m ← μ·m + g / (√s + ε), w ← w − η·m.
    /// α is 0.99, ε 1e-8, η 0.01 where none is given.
    /// </summary>
    RMSprop,

    /// <summary>
    /// Adam (Kingma and Ba, 2015): m ← β1·m + (1 − β1)·g, v ← β2·v + (1 − β2)·g², w ← w − η·m̂ / (√v̂ + ε) with m̂ = m / (1 − β1ᵗ) and
    /// v̂ = v / (1 − β2ᵗ). β1 is 0.9, β2 0.999, ε 1e-8, η 0.001 where none is given.
    /// </summary>
    Adam,

    /// <summary>
    /// Adam with decoupled weight decay (Loshchilov and Hutter, 2019): w ← (1 − η·λ)·w, then as <see cref="Adam"/>. λ is 0.01 where none is given.
    /// </summary>
    AdamW,

    /// <summary>
    /// Adamax (Kingma and Ba, 2015): m ← β1·m + (1 − β1)·g, u ← max(β2·u, |g| + ε), w ← w − η / (1 − β1ᵗ) · m / u. β1 is 0.9, β2 0.999,
    /// ε 1e-8, η 0.002 where none is given.
    /// </summary>
    Adamax,

    /// <summary>
    /// Adam with Nesterov's momentum (Dozat, 2016): m and v as in <see cref="Adam"/>,
    /// w ← w − η·((1 − μₜ)·g / (1 − Πμ) + μₜ₊₁·m / (1 − Πμ·μₜ·μₜ₊₁)) / (√v̂ + ε), where μₜ = β1·(1 − ½·0.96^(t/250)) and Πμ = μ₁·…·μₜ.
    /// That is PyTorch 1's; PyTorch 2 has one μₜ less in it, which makes less than 1 % of the first steps and nothing of later ones.
    /// β1 is 0.9, β2 0.999, ε 1e-8, η 0.002 where none is given.
    /// </summary>
    NAdam,
}
