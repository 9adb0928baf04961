namespace NetGen;

/// <summary>Whether the loops over the terms of a layer's sums are written out in the generated code.</summary>
public enum Unrolling
{
    /// <summary>Where the cost model finds that it pays.</summary>
    Auto,

    /// <summary>In all tiles of the layer's products; refused where the runtime would not optimise the method any more.</summary>
    Full,

    /// <summary>Nowhere.</summary>
    None,
}
