namespace NetGen;

/// <summary>What every node of a network can say of itself.</summary>
public abstract class LayerAttribute : Attribute
{
    private protected LayerAttribute()
    {
    }

    /// <summary>
    /// The node's name: letters, digits and underscores, a letter first. Parameters are named after it (<c>NAME.weight</c>).
    /// Unnamed layers are <c>layer1</c>, <c>layer2</c>, … counted over all layers after the inputs; an unnamed input is <c>input</c>.
    /// </summary>
    public string? Name { get; set; }
}
