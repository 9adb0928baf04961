using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>How parameters start; the formulas stand at <see cref="Initializer"/>. For generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Initialization
{
    /// <summary>
    /// Fills a parameter. The numbers are drawn in PyTorch's order, so that the start does not depend on how the compiler lays
    /// the parameter out; <see cref="Initializer.Zeros"/> and <see cref="Initializer.Ones"/> draw none.
    /// </summary>
    /// <param name="parameter">What is filled.</param>
    /// <param name="initializer">How; <see cref="Initializer.Auto"/> must have been resolved.</param>
    /// <param name="fanIn">The layer's inputs, at least 1.</param>
    /// <param name="fanOut">The layer's outputs, at least 1.</param>
    /// <param name="random">Where the numbers come from; moves on.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such initialiser, <see cref="Initializer.Auto"/>, or a fan below 1.</exception>
    public static void Initialize(Parameter parameter, Initializer initializer, int fanIn, int fanOut, ref Xoshiro256 random)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ArgumentOutOfRangeException.ThrowIfLessThan(fanIn, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(fanOut, 1);
        var variance = Variance(initializer, fanIn, (double)fanIn + fanOut);
        var deviation = Math.Sqrt(variance);
        var limit = Math.Sqrt(3 * variance); // uniform between ±a has variance a²/3
        var isUniform = initializer is Initializer.LeCunUniform or Initializer.GlorotUniform or Initializer.HeUniform;
        var constant = initializer == Initializer.Ones ? 1f : 0f;

        // Each number where it will stay: a second copy of large weights would be most of what the network takes.
        for (var i = 0; i < parameter.Length; i++)
        {
            parameter[i] = isUniform ? (float)((2 * random.NextDouble() - 1) * limit) : variance > 0 ? (float)(random.NextNormal() * deviation) : constant;
        }
    }

    private static double Variance(Initializer initializer, double fanIn, double fanSum) => initializer switch
    {
        Initializer.Zeros or Initializer.Ones => 0,
        Initializer.StandardNormal => 1,
        Initializer.LeCunNormal or Initializer.LeCunUniform => 1 / fanIn,
        Initializer.GlorotNormal or Initializer.GlorotUniform => 2 / fanSum,
        Initializer.HeNormal or Initializer.HeUniform => 2 / fanIn,
        _ => throw new ArgumentOutOfRangeException(
            nameof(initializer), initializer, $"initializer must be one that says how the numbers start, but is {initializer}."),
    };
}
