using NetGen.IntegrationTests.Support;

namespace NetGen.IntegrationTests.Reference;

/// <summary>The optimisers in double precision, a number at a time, by the formulas of <see cref="Optimizer"/>, with PyTorch's constants.</summary>
internal sealed class ReferenceOptimizer(OptimizerSpec spec)
{
    private readonly List<double[]> _first = [];
    private readonly List<double[]> _second = [];
    private int _step;
    private double _product = 1;

    private double Beta1 => spec.Beta1 ?? 0.9;

    private double Beta2 => spec.Beta2 ?? 0.999;

    /// <summary>Changes the parameters, given ∂loss/∂w of each.</summary>
    public void Step(IReadOnlyList<ReferenceTensor> parameters, IReadOnlyList<double[]> gradients, double rate)
    {
        _step++;
        _product *= Mu(_step);
        var norm = Math.Sqrt(gradients.Sum(gradient => gradient.Sum(g => g * g)));
        var factor = spec.ClipNorm is { } limit ? Math.Min(1, limit / (norm + 1e-6)) : 1;
        for (var p = 0; p < parameters.Count; p++)
        {
            if (_first.Count <= p)
            {
                _first.Add(new double[gradients[p].Length]);
                _second.Add(new double[gradients[p].Length]);
            }

            for (var i = 0; i < gradients[p].Length; i++)
            {
                var g = gradients[p][i] * factor;
                g = spec.ClipValue is { } most ? Math.Clamp(g, -most, most) : g;
                Step(ref parameters[p].Values[i], g, ref _first[p][i], ref _second[p][i], rate);
            }
        }
    }

    private void Step(ref double w, double g, ref double first, ref double second, double rate)
    {
        if (spec.Kind == Optimizer.AdamW)
        {
            w -= rate * (spec.WeightDecay ?? 0.01) * w;
        }
        else
        {
            g += (spec.WeightDecay ?? 0) * w;
        }

        switch (spec.Kind)
        {
            case Optimizer.Sgd:
                var momentum = spec.Momentum ?? 0;
                first = momentum * first + g;
                w -= rate * (spec.Nesterov ? g + momentum * first : first);
                break;
            case Optimizer.Adagrad:
                first += g * g;
                w -= rate * g / (Math.Sqrt(first) + (spec.Epsilon ?? 1e-10));
                break;
            case Optimizer.Adadelta:
                var (rho, small) = (spec.Rho ?? 0.9, spec.Epsilon ?? 1e-6);
                first = rho * first + (1 - rho) * g * g;
                var change = Math.Sqrt(second + small) / Math.Sqrt(first + small) * g;
                second = rho * second + (1 - rho) * change * change;
                w -= rate * change;
                break;
            case Optimizer.RMSprop:
                var alpha = spec.Alpha ?? 0.99;
                first = alpha * first + (1 - alpha) * g * g;
                second = (spec.Momentum ?? 0) * second + g / (Math.Sqrt(first) + (spec.Epsilon ?? 1e-8));
                w -= rate * second;
                break;
            case Optimizer.Adamax:
                first = Beta1 * first + (1 - Beta1) * g;
                second = Math.Max(Beta2 * second, Math.Abs(g) + (spec.Epsilon ?? 1e-8));
                w -= rate / (1 - Math.Pow(Beta1, _step)) * first / second;
                break;
            case Optimizer.Adam or Optimizer.AdamW or Optimizer.NAdam:
                first = Beta1 * first + (1 - Beta1) * g;
                second = Beta2 * second + (1 - Beta2) * g * g;
                var deviation = Math.Sqrt(second / (1 - Math.Pow(Beta2, _step))) + (spec.Epsilon ?? 1e-8);
                var moment = spec.Kind == Optimizer.NAdam
                    ? (1 - Mu(_step)) * g / (1 - _product) + Mu(_step + 1) * first / (1 - _product * Mu(_step) * Mu(_step + 1))
                    : first / (1 - Math.Pow(Beta1, _step));
                w -= rate * moment / deviation;
                break;
            default:
                throw new NotSupportedException($"{spec.Kind}");
        }
    }

    /// <summary>NAdam's momentum at a step.</summary>
    private double Mu(int step) => Beta1 * (1 - 0.5 * Math.Pow(0.96, step * 0.004));
}
