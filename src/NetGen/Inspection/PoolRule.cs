namespace NetGen;

/// <summary>The largest number of each window, or its mean, in which zeros of the padding count; channel by channel.</summary>
internal sealed class PoolRule(ImageWindow window, bool isMaximum) : NodeRule
{
    private readonly float _share = 1f / window.Taps;

    public override void Forward(float[][] x, float[] y, int samples)
    {
        for (var channel = 0; channel < samples * window.Source.Channels; channel++)
        {
            var from = x[0].AsSpan(channel * window.Source.Plane, window.Source.Plane);
            var to = y.AsSpan(channel * window.Result.Plane, window.Result.Plane);
            to.Fill(isMaximum ? float.NegativeInfinity : 0);
            foreach (var piece in window.Pieces)
            {
                var results = to.Slice(piece.Result, piece.Count);
                for (var i = 0; i < results.Length; i++)
                {
                    var number = from[piece.Source + i * window.Step];
                    results[i] = isMaximum ? Math.Max(results[i], number) : results[i] + number;
                }
            }

            for (var i = 0; i < to.Length && !isMaximum; i++)
            {
                to[i] *= _share;
            }
        }
    }

    /// <summary>Of several largest numbers the first gets it all; of a mean each gets its share.</summary>
    public override void Backward(float[][] x, float[] y, float[] dy, float[][] dx, int samples)
    {
        var isOpen = new bool[window.Result.Plane];
        for (var channel = 0; channel < samples * window.Source.Channels; channel++)
        {
            var (source, result) = (channel * window.Source.Plane, channel * window.Result.Plane);
            isOpen.AsSpan().Fill(true);
            foreach (var piece in window.Pieces)
            {
                for (var i = 0; i < piece.Count; i++)
                {
                    var (from, to) = (source + piece.Source + i * window.Step, result + piece.Result + i);
                    if (!isMaximum)
                    {
                        dx[0][from] += dy[to] * _share;
                    }
                    else if (isOpen[piece.Result + i] && x[0][from] == y[to])
                    {
                        dx[0][from] += dy[to];
                        isOpen[piece.Result + i] = false;
                    }
                }
            }
        }
    }
}
