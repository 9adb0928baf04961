using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>What optimisers compute once a step, from the number of the step alone. For generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class OptimizerMath
{
    /// <summary>number^exponent by repeated squaring: the same bits on every platform, which the platforms' own functions do not promise.</summary>
    /// <param name="number">The base.</param>
    /// <param name="exponent">At least 0.</param>
    public static double Power(double number, long exponent)
    {
        var result = 1.0;
        for (; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0)
            {
                result *= number;
            }

            number *= number;
        }

        return result;
    }
}
