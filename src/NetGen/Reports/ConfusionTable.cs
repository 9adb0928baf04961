using System.Text;

namespace NetGen;

/// <summary>A confusion matrix as a coloured table, or as a picture where there are many classes.</summary>
internal static class ConfusionTable
{
    /// <summary>The most opaque colour behind a number, so that it can be read on light and on dark.</summary>
    private const double DeepestColor = 0.7;

    /// <summary>Few errors must be seen among many right answers: their colour grows with the third root of their share.</summary>
    private static double Depth(double share) => DeepestColor * Math.Cbrt(share);

    public static string Write(ConfusionMatrix matrix, IReadOnlyList<string>? names)
    {
        var html = new StringBuilder("<div class=\"scroll\"><table class=\"confusion\">\n<thead><tr><th>actual \\ predicted</th>");
        string Name(int i) => Html.Encode(names?[i] ?? Text.Of($"{i}"));
        for (var predicted = 0; predicted < matrix.Classes; predicted++)
        {
            html.Append($"<th>{Name(predicted)}</th>");
        }

        html.Append("<th>recall</th></tr></thead>\n<tbody>\n");
        for (var actual = 0; actual < matrix.Classes; actual++)
        {
            var total = RowTotal(matrix, actual);
            html.Append($"<tr><th>{Name(actual)}</th>");
            for (var predicted = 0; predicted < matrix.Classes; predicted++)
            {
                Append(html, matrix[actual, predicted], total, actual == predicted);
            }

            html.Append($"<td class=\"share\">{Share(matrix[actual, actual], total)}</td></tr>\n");
        }

        html.Append("<tr><th>precision</th>");
        for (var predicted = 0; predicted < matrix.Classes; predicted++)
        {
            html.Append($"<td class=\"share\">{Share(matrix[predicted, predicted], ColumnTotal(matrix, predicted))}</td>");
        }

        return html.Append("<td></td></tr>\n</tbody>\n</table></div>\n").ToString();
    }

    /// <summary>A pixel for each cell.</summary>
    public static Image Picture(ConfusionMatrix matrix)
    {
        var image = new Image(matrix.Classes, matrix.Classes);
        for (var actual = 0; actual < matrix.Classes; actual++)
        {
            var total = RowTotal(matrix, actual);
            for (var predicted = 0; predicted < matrix.Classes; predicted++)
            {
                image[predicted, actual] = total == 0 ? 0 : MathF.Cbrt((float)matrix[actual, predicted] / total);
            }
        }

        return image;
    }

    private static void Append(StringBuilder html, int count, long total, bool isRight) => html.Append(count == 0
        ? "<td class=\"cell zero\">0</td>"
        : Text.Of($"<td class=\"cell\" style=\"background:rgb(var(--{(isRight ? "hit" : "miss")})/{Depth((double)count / total):0.00})\">{count}</td>"));

    private static string Share(int count, long total) => total == 0 ? "–" : Text.Of($"{(double)count / total:P1}");

    private static long RowTotal(ConfusionMatrix matrix, int actual)
    {
        var total = 0L;
        for (var predicted = 0; predicted < matrix.Classes; predicted++)
        {
            total += matrix[actual, predicted];
        }

        return total;
    }

    private static long ColumnTotal(ConfusionMatrix matrix, int predicted)
    {
        var total = 0L;
        for (var actual = 0; actual < matrix.Classes; actual++)
        {
            total += matrix[actual, predicted];
        }

        return total;
    }
}
