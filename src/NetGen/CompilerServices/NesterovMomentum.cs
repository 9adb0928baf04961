using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>
/// The momentum of NAdam at step t (Dozat, 2016), as PyTorch has it: μₜ = β1·(1 − ½·0.96^(t/250)), and the product of all up to it. A function of t
/// alone; what is kept is that of the step before, so that the next takes a few operations. For generated code.
/// </summary>
/// <param name="beta1">β1.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class NesterovMomentum(double beta1)
{
    /// <summary>0.96^(1/250).</summary>
    private const double Decay = 0.9998367253526753;

    private const double Negligible = 1e-300;

    private long _step;
    private double _product = 1;

    /// <summary>μₜ.</summary>
    /// <param name="step">t, at least 1.</param>
    public double At(long step) => beta1 * (1 - 0.5 * OptimizerMath.Power(Decay, step));

    /// <summary>μ₁·…·μₜ.</summary>
    /// <param name="step">t, at least 0.</param>
    public double ProductTo(long step)
    {
        if (step < _step)
        {
            (_step, _product) = (0, 1);
        }

        // 1 − product is 1 long before; rounding would hold the smallest number above zero for ever.
        while (_step < step && _product > 0)
        {
            _product *= At(++_step);
            _product = _product < Negligible ? 0 : _product;
        }

        _step = step;
        return _product;
    }
}
