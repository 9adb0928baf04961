namespace NetGen;

/// <summary>The activation functions, by PyTorch's names. <c>z</c> is what goes in, <c>f(z)</c> what comes out, element by element.</summary>
#if NETGEN_COMPILER
internal
#else
public
#endif
enum Activation
{
    /// <summary>f(z) = z.</summary>
    Identity,

    /// <summary>f(z) = 1 / (1 + e^−z).</summary>
    Sigmoid,

    /// <summary>f(z) = (e^z − e^−z) / (e^z + e^−z).</summary>
    Tanh,

    /// <summary>f(z) = max(0, z).</summary>
    ReLU,

    /// <summary>f(z) = z for z &gt; 0, else <c>NegativeSlope</c>·z (default 0.01).</summary>
    LeakyReLU,

    /// <summary>f(z) = z for z &gt; 0, else <c>Alpha</c>·(e^z − 1) (default 1).</summary>
    ELU,

    /// <summary>f(z) = λ·(z for z &gt; 0, else α·(e^z − 1)), λ = 1.0507…, α = 1.6732… (Klambauer et al., 2017).</summary>
    SELU,

    /// <summary>f(z) = z·Φ(z), Φ the normal distribution function (Hendrycks and Gimpel, 2016); the exact form, not tanh's.</summary>
    GELU,

    /// <summary>f(z) = z / (1 + e^−z), also called swish.</summary>
    SiLU,

    /// <summary>f(z) = ln(1 + e^z).</summary>
    Softplus,

    /// <summary>f(z) = z / (1 + |z|).</summary>
    Softsign,

    /// <summary>f(z) = min(max(z/6 + 1/2, 0), 1).</summary>
    HardSigmoid,

    /// <summary>f(z) = min(max(0, z), 6).</summary>
    ReLU6,

    /// <summary>f(z)ᵢ = e^zᵢ / Σⱼ e^zⱼ over the features of a sample: the outputs are positive and sum to 1.</summary>
    Softmax,

    /// <summary>
    /// A method of the network's own class. Written by naming the method, <c>Function = nameof(Swish)</c> of a dense layer or a convolution, or
    /// <c>[Activation(nameof(Swish))]</c>, never by this member.
    /// </summary>
    Custom,
}
