namespace NetGen;

/// <summary>
/// How a parameter starts. <c>in</c> and <c>out</c> are a layer's inputs and outputs (fan-in and fan-out). A bias takes the
/// same figures as its layer's weights. Every start is a function of the seed alone, the same on every platform.
/// </summary>
#if NETGEN_COMPILER
internal
#else
public
#endif
enum Initializer
{
    /// <summary>
    /// What suits the layer's activation: weights <see cref="HeNormal"/> for the rectifier family (ReLU, LeakyReLU, ReLU6, ELU,
    /// GELU, SiLU, Softplus), <see cref="LeCunNormal"/> for SELU, else <see cref="GlorotUniform"/>; biases <see cref="Zeros"/>.
    /// </summary>
    Auto,

    /// <summary>All zero.</summary>
    Zeros,

    /// <summary>Normal with mean 0 and variance 1.</summary>
    StandardNormal,

    /// <summary>Normal with variance 1/in (LeCun et al., 1998).</summary>
    LeCunNormal,

    /// <summary>Uniform with variance 1/in: between ±√(3/in).</summary>
    LeCunUniform,

    /// <summary>Normal with variance 2/(in + out) (Glorot and Bengio, 2010).</summary>
    GlorotNormal,

    /// <summary>Uniform with variance 2/(in + out): between ±√(6/(in + out)).</summary>
    GlorotUniform,

    /// <summary>Normal with variance 2/in (He et al., 2015).</summary>
    HeNormal,

    /// <summary>Uniform with variance 2/in: between ±√(6/in).</summary>
    HeUniform,

    /// <summary>All one.</summary>
    Ones,
}
