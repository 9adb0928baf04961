using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests.Reference;

/// <summary>Penalties, constraints and frozen layers.</summary>
internal sealed partial class ReferenceNetwork
{
    /// <summary>L1·Σ|v| + L2·Σv² of a parameter or, without one, of a value on the way forward.</summary>
    private sealed record PenaltyOf(int? Parameter, int Value, double L1, double L2)
    {
        public double On(double[] numbers) => numbers.Sum(v => L1 * Math.Abs(v) + L2 * v * v);

        /// <summary>into += factor·(L1·sign v + 2·L2·v).</summary>
        public void AddSlope(double[] numbers, double[] into, double factor)
        {
            for (var i = 0; i < numbers.Length; i++)
            {
                into[i] += factor * (L1 * Math.Sign(numbers[i]) + 2 * L2 * numbers[i]);
            }
        }
    }

    private void AddRules(DenseStep step, RuleSpec rules)
    {
        _penalties.Add(new PenaltyOf(step.Weight, 0, rules.WeightL1, rules.WeightL2));
        if (step.Bias is { } bias)
        {
            _penalties.Add(new PenaltyOf(bias, 0, rules.BiasL1, rules.BiasL2));
        }

        if (rules.NonNegative || rules.MaxNorm is not null)
        {
            _constrained.Add(step);
        }

        if (rules.Frozen)
        {
            _frozen.UnionWith(step.Bias is { } frozen ? [step.Weight, frozen] : [step.Weight]);
        }
    }

    /// <summary>Weights below 0 become 0, then rows (units) of too large a norm are scaled down.</summary>
    private void Constrain(DenseStep step)
    {
        var weights = _parameters[step.Weight].Values;
        for (var i = 0; i < weights.Length && step.Rules!.NonNegative; i++)
        {
            weights[i] = Math.Max(0, weights[i]);
        }

        for (var o = 0; o < step.Outputs && step.Rules!.MaxNorm is not null; o++)
        {
            var unit = weights.AsSpan(o * step.Inputs, step.Inputs);
            var norm = 0.0;
            foreach (var w in unit)
            {
                norm += w * w;
            }

            norm = Math.Sqrt(norm);
            for (var i = 0; i < unit.Length && norm > step.Rules.MaxNorm; i++)
            {
                unit[i] *= step.Rules.MaxNorm.Value / norm;
            }
        }
    }
}
