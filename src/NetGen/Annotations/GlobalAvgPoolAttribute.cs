namespace NetGen;

/// <summary>The mean of each channel: [channels, …] to [channels].</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class GlobalAvgPoolAttribute : LayerAttribute
{
    /// <summary>The nodes that the layer takes, by name; by default the one before it.</summary>
    public string[]? From { get; set; }
}
