namespace LecturesSample;

/// <summary>f = (x + y)·z: numbers flow forward, the gradient back, each node multiplying what it is given by its own slopes.</summary>
internal static class GradientSection
{
    private const double X = -2;
    private const double Y = 5;
    private const double Z = -4;

    public static void Write(Page page, LectureData data)
    {
        // Forward.
        var q = X + Y;
        var f = q * Z;

        // Backward, from f to the inputs.
        var df = 1.0;
        var dq = Z * df; // ∂(q·z)/∂q = z
        var dz = q * df; // ∂(q·z)/∂z = q
        var dx = 1 * dq; // ∂(x + y)/∂x = 1
        var dy = 1 * dq; // ∂(x + y)/∂y = 1

        page.Compare("(x + y)·z at −2, 5, −4: ∂f/∂x", "−4", $"{dx}");
        page.Compare("(x + y)·z at −2, 5, −4: ∂f/∂y", "−4", $"{dy}");
        page.Compare("(x + y)·z at −2, 5, −4: ∂f/∂z", "3", $"{dz}");
        page.Report
            .AddText("A sum hands the gradient on to both of its terms; a product hands it to each factor times the other factor. Beside it the "
                + "difference quotient (f(… + h) − f(… − h)) / 2h with h = 0.001.")
            .AddTable(
                ["node", "value", "gradient of f", "difference quotient"],
                [
                    Row("x", X, dx, Quotient(h => F(X + h, Y, Z))),
                    Row("y", Y, dy, Quotient(h => F(X, Y + h, Z))),
                    Row("z", Z, dz, Quotient(h => F(X, Y, Z + h))),
                    Row("q = x + y", q, dq, Quotient(h => (q + h) * Z)),
                    Row("f = q·z", f, df, 1),
                ]);
    }

    private static double F(double x, double y, double z) => (x + y) * z;

    private static double Quotient(Func<double, double> f) => (f(0.001) - f(-0.001)) / 0.002;

    private static string[] Row(string node, double value, double gradient, double quotient) =>
    [
        node, Text($"{value}"), Text($"{gradient}"), Text($"{quotient:F3}"),
    ];

    private static string Text(FormattableString number) => FormattableString.Invariant(number).Replace('-', '−');
}
