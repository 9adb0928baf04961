using NetGen.Compiler.Ir;

namespace NetGen.Compiler.Passes;

/// <summary>What the passes ask of an activation. Its formulas stand in <c>Emit/ActivationFormulas.cs</c>.</summary>
internal static class ActivationRules
{
    /// <summary>Whether each result depends on one argument alone, so that the function can run on a product's tile.</summary>
    public static bool IsElementwise(this ActivationFunction function) => function.Kind != Activation.Softmax;

    public static bool IsIdentity(this ActivationFunction function) => function.Kind == Activation.Identity;

    /// <summary>
    /// Whether the slope must be computed from the argument z. For the others it is a function of the result, which saves keeping z:
    /// sigmoid's is a·(1 − a), tanh's 1 − a², …
    /// </summary>
    public static bool SlopeTakesArgument(this ActivationFunction function) => function.Kind is Activation.GELU or Activation.SiLU or Activation.Custom;

    /// <summary>Whether the function takes so few instructions that it is applied to a tile that is still in registers.</summary>
    public static bool IsCheap(this ActivationFunction function) =>
        function.Kind is Activation.Identity or Activation.ReLU or Activation.LeakyReLU or Activation.HardSigmoid or Activation.ReLU6;

    /// <summary>The same of the slope.</summary>
    public static bool HasCheapSlope(this ActivationFunction function) =>
        function.Kind is not (Activation.GELU or Activation.SiLU or Activation.Softplus or Activation.Custom);

    /// <summary>The start of weights before this activation, where the user does not say.</summary>
    public static Initializer DefaultWeights(this ActivationFunction function) => function.Kind switch
    {
        Activation.ReLU or Activation.LeakyReLU or Activation.ReLU6 or Activation.ELU or Activation.GELU or Activation.SiLU or Activation.Softplus
            => Initializer.HeNormal,
        Activation.SELU => Initializer.LeCunNormal,
        _ => Initializer.GlorotUniform,
    };
}
