namespace Darkroom.Models.Networks.Transformers;

/// <summary>Positions that are not learned: sines and cosines of column and row of each patch of a square.</summary>
internal static class GridPositions
{
    private const double MaxPeriod = 10000;

    /// <summary>[side · side, width], row by row: the column's sines and cosines, then the row's, a quarter of the width each.</summary>
    public static float[] Table(int side, int width)
    {
        int quarter = width / 4;
        float[] table = new float[side * side * width];
        for (int place = 0; place < side * side; place++)
        {
            for (int i = 0; i < quarter; i++)
            {
                double frequency = Math.Pow(MaxPeriod, -(double)i / quarter);
                var at = table.AsSpan(place * width + i);
                double column = place % side * frequency, row = place / side * frequency;
                (at[0], at[quarter]) = ((float)Math.Sin(column), (float)Math.Cos(column));
                (at[2 * quarter], at[3 * quarter]) = ((float)Math.Sin(row), (float)Math.Cos(row));
            }
        }
        return table;
    }
}
