namespace NetGen;

/// <summary>What may stand for a number of zeros in a convolution's or pooling's <c>Padding</c>.</summary>
public static class Padding
{
    /// <summary>None: the kernel stays inside the image.</summary>
    public const int Valid = 0;

    /// <summary>
    /// As many as give ⌈size/stride⌉ results in each direction; where their number is odd, the one more is at the bottom or on the right. Of a
    /// transposed convolution: what is cut off to give size·stride results.
    /// </summary>
    public const int Same = -1;
}
