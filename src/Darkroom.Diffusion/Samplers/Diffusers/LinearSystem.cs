namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>A few linear equations, solved in place.</summary>
internal static class LinearSystem
{
    /// <summary>Gaussian elimination with partial pivoting.</summary>
    /// <param name="matrix">[n, n], row-major; destroyed.</param>
    /// <param name="values">In: the right side. Out: the unknowns.</param>
    public static void Solve(Span<double> matrix, Span<double> values)
    {
        int size = values.Length;
        for (int column = 0; column < size; column++)
        {
            int pivot = column;
            for (int row = column + 1; row < size; row++)
                if (Math.Abs(matrix[row * size + column]) > Math.Abs(matrix[pivot * size + column]))
                    pivot = row;
            for (int k = 0; k < size; k++)
                (matrix[column * size + k], matrix[pivot * size + k]) = (matrix[pivot * size + k], matrix[column * size + k]);
            (values[column], values[pivot]) = (values[pivot], values[column]);
            for (int row = 0; row < size; row++)
            {
                if (row == column) continue;
                double factor = matrix[row * size + column] / matrix[column * size + column];
                for (int k = column; k < size; k++)
                    matrix[row * size + k] -= factor * matrix[column * size + k];
                values[row] -= factor * values[column];
            }
        }
        for (int row = 0; row < size; row++)
            values[row] /= matrix[row * size + row];
    }
}
