namespace NetGen;

/// <summary>How one figure is made of those of several classes.</summary>
public enum Average
{
    /// <summary>The mean of the classes' figures: each class weighs the same. Classes that neither occur nor were predicted are left out.</summary>
    Macro,

    /// <summary>One figure from the summed counts: each sample weighs the same. Where a sample has one class, as here, it is the accuracy.</summary>
    Micro,
}
