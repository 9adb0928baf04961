using System.Collections.Generic;

namespace NetGen.Compiler.Ir;

/// <summary>What a step adds to the loss for numbers v: L1·Σ|v| + L2·Σv². Its slope is L1·sign v + 2·L2·v, with sign 0 = 0.</summary>
internal sealed record Penalty(double L1, double L2);

/// <summary>What holds for a dense layer beside the loss, in steps alone.</summary>
/// <param name="Weight">The penalty on the weights; null for none.</param>
/// <param name="Bias">The penalty on the biases; null for none.</param>
/// <param name="Activity">The penalty on the layer's result, of which the mean over the samples is taken; null for none.</param>
/// <param name="NonNegative">Whether weights below 0 become 0.</param>
/// <param name="MaxNorm">The largest 2-norm of a unit's incoming weights; null for any.</param>
internal sealed record LayerRules(Penalty? Weight, Penalty? Bias, Penalty? Activity, bool NonNegative, double? MaxNorm)
{
    /// <summary>The options of <c>[Dense]</c> that say all this.</summary>
    public static IReadOnlyList<string> Options { get; } = ["WeightL1", "WeightL2", "BiasL1", "BiasL2", "ActivityL1", "ActivityL2", "NonNegative", "MaxNorm"];

    public static LayerRules None { get; } = new(null, null, null, false, null);

    public bool Constrain => NonNegative || MaxNorm is not null;
}

/// <summary>into += factor·(L1·sign parameter + 2·L2·parameter).</summary>
/// <param name="Name">The method's name.</param>
/// <param name="Parameter">The parameter.</param>
/// <param name="Penalty">The penalty.</param>
internal sealed record PenaltyKernel(string Name, Buffer Parameter, Penalty Penalty) : Kernel(Name);

/// <summary>
/// gradient += factor/samples·(L1·sign value + 2·L2·value) times the slope of f, sample by sample: what a penalty on f's result adds to the gradient of
/// its argument. Whatever the gradient has been multiplied with on its way, this comes to it as a sum.
/// </summary>
/// <param name="Name">The method's name.</param>
/// <param name="Penalty">The penalty.</param>
/// <param name="Value">What is penalised: f's result.</param>
/// <param name="Gradient">What is changed: the gradient of f's argument.</param>
/// <param name="Activation">f.</param>
/// <param name="Operand">The value from which the slope comes; null for the identity.</param>
internal sealed record ActivityKernel(
    string Name, Penalty Penalty, Buffer Value, Buffer Gradient, ActivationFunction Activation, Buffer? Operand) : Kernel(Name);

/// <summary>Weights after a step: those below 0 become 0, then columns (units) of too large a 2-norm are scaled down to it.</summary>
/// <param name="Name">The method's name.</param>
/// <param name="Weights">The weights.</param>
/// <param name="NonNegative">Whether none may be below 0.</param>
/// <param name="MaxNorm">The largest 2-norm of a column; null for any.</param>
internal sealed record ConstraintKernel(string Name, Buffer Weights, bool NonNegative, double? MaxNorm) : Kernel(Name);
