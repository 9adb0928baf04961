using NetGen;

namespace LearnImageSample;

/// <summary>
/// Switches neurons of a trained network off, in another network of the same layers: that one gets the trained weights, but those that lead from
/// the neurons into the next layer are zero, so that what these neurons compute counts for nothing.
/// </summary>
/// <param name="trained">Has the weights; is not changed.</param>
/// <param name="copy">Takes them.</param>
internal sealed class NeuronSwitch(INetwork trained, INetwork copy)
{
    /// <summary>The copy, in which only some neurons of one layer are on; those of all other layers are.</summary>
    /// <param name="layer">A hidden layer, from 1.</param>
    /// <param name="isOn">Whether a neuron, from 0, is on.</param>
    public INetwork Keep(int layer, Func<int, bool> isOn)
    {
        for (var i = 0; i < trained.Parameters.Count; i++)
        {
            var weights = trained.Parameters[i].ToArray();
            if (trained.Parameters[i].Name == $"layer{layer + 1}.weight")
            {
                // [units of the next layer, neurons of this one]
                var neurons = trained.Parameters[i].Shape[1];
                for (var w = 0; w < weights.Length; w++)
                {
                    weights[w] = isOn(w % neurons) ? weights[w] : 0;
                }
            }

            copy.Parameters[i].CopyFrom(weights);
        }

        return copy;
    }
}
