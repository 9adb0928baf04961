namespace NetGen.Benchmarks.Generic;

/// <summary>The textbook's step of gradient descent, with momentum or without, or of Adam, in double precision.</summary>
/// <param name="kind">Sgd or Adam.</param>
/// <param name="learningRate">η.</param>
/// <param name="momentum">The momentum μ of Sgd.</param>
internal sealed class ScalarOptimizer(Optimizer kind, double learningRate, double momentum)
{
    private readonly Dictionary<double[], (double[] First, double[] Second)> _states = [];
    private int _step;

    public void BeginStep() => _step++;

    public void Step(double[] parameters, double[] gradients)
    {
        if (!_states.TryGetValue(parameters, out var state))
        {
            _states[parameters] = state = (new double[parameters.Length], new double[parameters.Length]);
        }

        var (m, v) = state;
        for (var i = 0; i < parameters.Length; i++)
        {
            var g = gradients[i];
            if (kind == Optimizer.Adam)
            {
                m[i] = 0.9 * m[i] + 0.1 * g;
                v[i] = 0.999 * v[i] + 0.001 * g * g;
                var (mean, square) = (m[i] / (1 - Math.Pow(0.9, _step)), v[i] / (1 - Math.Pow(0.999, _step)));
                parameters[i] -= learningRate * mean / (Math.Sqrt(square) + 1e-8);
            }
            else
            {
                m[i] = momentum * m[i] + g;
                parameters[i] -= learningRate * m[i];
            }
        }
    }
}
