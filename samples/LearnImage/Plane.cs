using NetGen;

namespace LearnImageSample;

/// <summary>The places of a picture's pixels: its longer side goes from −1 to 1 times a scale, its middle is 0.</summary>
internal sealed class Plane(int width, int height, float scale)
{
    public int Width => width;

    public int Height => height;

    public int Count => width * height;

    /// <summary>The place of a pixel, counted row by row.</summary>
    public (float X, float Y) Place(int pixel) =>
        (Coordinate(pixel % width, width), Coordinate(pixel / width, height));

    /// <summary>What a network with one output says of every place, row by row.</summary>
    public float[] Predict(INetwork network)
    {
        var outputs = new float[Count];
        network.Predict(Places(), outputs);
        return outputs;
    }

    /// <summary>Every place, row by row: two numbers each.</summary>
    public float[] Places()
    {
        var places = new float[2 * Count];
        for (var i = 0; i < Count; i++)
        {
            (places[2 * i], places[2 * i + 1]) = Place(i);
        }

        return places;
    }

    /// <summary>The same part of the plane in fewer pixels, so that its longer side has a given number at most.</summary>
    public Plane Coarsen(int longest)
    {
        var factor = Math.Min(1, longest / (double)Math.Max(width, height));
        return new(Math.Max(1, (int)Math.Round(width * factor)), Math.Max(1, (int)Math.Round(height * factor)), scale);
    }

    private float Coordinate(int index, int size) => (2 * index + 1 - size) * scale / Math.Max(width, height);
}
