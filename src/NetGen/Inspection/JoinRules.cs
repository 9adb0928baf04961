namespace NetGen;

/// <summary>y = x₀ + x₁ + …</summary>
internal sealed class SumRule(int size) : NodeRule
{
    public override void Forward(float[][] x, float[] y, int samples)
    {
        x[0].AsSpan(0, samples * size).CopyTo(y);
        for (var part = 1; part < x.Length; part++)
        {
            for (var i = 0; i < samples * size; i++)
            {
                y[i] += x[part][i];
            }
        }
    }

    public override void Backward(float[][] x, float[] y, float[] dy, float[][] dx, int samples)
    {
        foreach (var gradient in dx)
        {
            for (var i = 0; i < samples * size; i++)
            {
                gradient[i] += dy[i];
            }
        }
    }
}

/// <summary>y = x₀·x₁·…, number by number.</summary>
internal sealed class FactorsRule(int size) : NodeRule
{
    public override void Forward(float[][] x, float[] y, int samples)
    {
        x[0].AsSpan(0, samples * size).CopyTo(y);
        for (var part = 1; part < x.Length; part++)
        {
            for (var i = 0; i < samples * size; i++)
            {
                y[i] *= x[part][i];
            }
        }
    }

    /// <summary>dx of a factor = dy times all others, which may be 0: nothing is divided.</summary>
    public override void Backward(float[][] x, float[] y, float[] dy, float[][] dx, int samples)
    {
        for (var part = 0; part < x.Length; part++)
        {
            for (var i = 0; i < samples * size; i++)
            {
                var product = dy[i];
                for (var other = 0; other < x.Length; other++)
                {
                    product *= other == part ? 1 : x[other][i];
                }

                dx[part][i] += product;
            }
        }
    }
}

/// <summary>y = x₀, x₁, … one after the other: features, or whole channels.</summary>
internal sealed class ConcatRule(int[] sizes) : NodeRule
{
    private readonly int _size = sizes.Sum();

    public override void Forward(float[][] x, float[] y, int samples)
    {
        var column = 0;
        for (var part = 0; part < sizes.Length; part++)
        {
            for (var row = 0; row < samples; row++)
            {
                x[part].AsSpan(row * sizes[part], sizes[part]).CopyTo(y.AsSpan(row * _size + column));
            }

            column += sizes[part];
        }
    }

    public override void Backward(float[][] x, float[] y, float[] dy, float[][] dx, int samples)
    {
        var column = 0;
        for (var part = 0; part < sizes.Length; part++)
        {
            for (var i = 0; i < samples * sizes[part]; i++)
            {
                dx[part][i] += dy[i / sizes[part] * _size + column + i % sizes[part]];
            }

            column += sizes[part];
        }
    }
}
