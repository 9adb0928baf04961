using NetGen;

namespace LearnImageSample;

/// <summary>What is learnt: a picture that the program draws, and a function of two variables.</summary>
internal static class Subject
{
    private const int Size = 128;

    /// <summary>Light sky, a white sun, a black wave, a dark hill and a light field: regions with straight and curved borders.</summary>
    public static Image DrawPicture()
    {
        var image = new Image(Size, Size);
        for (var row = 0; row < Size; row++)
        {
            for (var column = 0; column < Size; column++)
            {
                image[column, row] = Brightness((2.0 * column + 1 - Size) / Size, (2.0 * row + 1 - Size) / Size);
            }
        }

        return image;
    }

    /// <summary>½ or −½ in turn: the four quarters of the plane, turned round within a disc.</summary>
    public static float Signs(float x, float y) => x * y > 0 == x * x + y * y < 0.36 ? 0.5f : -0.5f;

    private static float Brightness(double x, double y)
    {
        var sun = Math.Sqrt((x - 0.35) * (x - 0.35) + (y + 0.4) * (y + 0.4)) < 0.38;
        var wave = Math.Abs(y + 0.1 - 0.3 * Math.Sin(3 * x + 1.2)) < 0.13;
        var field = x > 0.3 && y > 0.45;
        var hill = y > 0.45 - 0.3 * Math.Cos(2.6 * (x + 0.35));
        return field ? 0.85f : sun ? 1 : wave ? 0.02f : hill ? 0.25f : (float)(0.6 - 0.2 * y);
    }
}
