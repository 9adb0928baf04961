using NetGen;

namespace TablesSample;

/// <summary>Brings inputs, and targets that are numbers, to mean 0 and deviation 1 by the figures of the part that is learned.</summary>
internal static class Scaling
{
    public static (Dataset Train, Dataset Other) Standardize((Dataset Train, Dataset Other) parts)
    {
        var (train, standardizer) = parts.Train.Standardize();
        var other = standardizer.Apply(parts.Other);
        if (train.HasLabels)
        {
            return (train, other);
        }

        // The targets as a data set of their own are standardised as inputs are.
        var (targets, targetStandardizer) = Targets(train).Standardize();
        return (WithTargets(train, targets), WithTargets(other, targetStandardizer.Apply(Targets(other))));
    }

    private static Dataset Targets(Dataset data) => new(data.Targets.ToArray(), data.TargetSize, new int[data.Count], 1);

    private static Dataset WithTargets(Dataset data, Dataset targets) =>
        new(data.Inputs.ToArray(), data.InputSize, targets.Inputs.ToArray(), targets.InputSize);
}
