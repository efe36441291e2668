namespace Darkroom.Imaging.Tiles;

/// <summary>
/// Puts upscaled tiles together with a cross-fade at the seams. Beside the finished picture it holds floats for one row of tiles, however high the picture is.
/// </summary>
/// <remarks>Not for several threads at once. Tiles may come in any order within a row; a row must be complete before the next one begins.</remarks>
public sealed class TileBlender
{
    private readonly TilePlan _plan;
    private readonly Picture _picture;
    private readonly int _scale, _channels, _bandHeight;
    private readonly HashSet<int> _missing = [];
    private float[] _band;
    private int _row, _top;

    /// <param name="scale">Of the upscaler, at least 1.</param>
    /// <param name="channels">Of what it gives: 1 to 4.</param>
    public TileBlender(TilePlan plan, int scale, int channels)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        (_plan, _scale, _channels) = (plan, scale, channels);
        _picture = Picture.Blank(plan.Width * scale, plan.Height * scale, channels);
        _bandHeight = Math.Min(plan.Height, plan.Tiles.Max(tile => tile.Core.Height) + 2 * plan.Fade) * scale;
        _band = new float[_bandHeight * _picture.Stride];
        _missing.UnionWith(Enumerable.Range(0, plan.Columns));
    }

    /// <summary>Whether every tile is there.</summary>
    public bool IsComplete => _row == _plan.Rows;

    /// <param name="index">In the plan's list.</param>
    /// <param name="chw">What the upscaler made of the tile's window, 0…1 (beyond is cut in the end), <c>[C, scale · h, scale · w]</c>.</param>
    /// <exception cref="ArgumentException">Another length than the window's.</exception>
    /// <exception cref="InvalidOperationException">The tile came before or is of another row than the one in work.</exception>
    public void Add(int index, ReadOnlySpan<float> chw)
    {
        var tile = _plan.Tiles[index];
        int width = tile.Window.Width * _scale, height = tile.Window.Height * _scale;
        if (chw.Length != _channels * width * height) throw new ArgumentException($"{chw.Length} values do not fit {_channels} x {height} x {width}.", nameof(chw));
        if (tile.Row != _row || !_missing.Remove(tile.Column)) throw new InvalidOperationException($"Tile {index} is not of the row of tiles in work, {_row}, or came twice.");
        var (left, across) = FadeWeights.Of(tile.Core.X * _scale, tile.Core.Right * _scale, _picture.Width, _plan.Fade * _scale);
        var (top, down) = FadeWeights.Of(tile.Core.Y * _scale, tile.Core.Bottom * _scale, _picture.Height, _plan.Fade * _scale);
        for (int channel = 0; channel < _channels; channel++)
            for (int y = 0; y < down.Length; y++)
            {
                var source = chw.Slice((channel * height + top + y - tile.Window.Y * _scale) * width + left - tile.Window.X * _scale, across.Length);
                var target = _band.AsSpan(((top + y - _top) * _picture.Width + left) * _channels + channel);
                for (int x = 0; x < across.Length; x++) target[x * _channels] += source[x] * (across[x] * down[y]);
            }
        if (_missing.Count == 0) FinishRow(tile);
    }

    /// <summary>The whole picture.</summary>
    /// <exception cref="InvalidOperationException">Tiles are missing.</exception>
    public Picture Finish() => IsComplete ? _picture : throw new InvalidOperationException($"Tiles of row {_row} are missing.");

    // Lines above the next row's fade are final; what is below moves up to the band's beginning.
    private void FinishRow(Tile tile)
    {
        bool isLast = ++_row == _plan.Rows;
        int until = isLast ? _picture.Height : (tile.Core.Bottom - _plan.Fade) * _scale, values = (until - _top) * _picture.Stride;
        var pixels = _picture.Pixels.AsSpan(_top * _picture.Stride, values);
        for (int i = 0; i < values; i++) pixels[i] = (byte)(Math.Clamp(_band[i], 0f, 1f) * 255f + 0.5f);
        if (isLast)
        {
            _band = [];
            return;
        }
        _band.AsSpan(values).CopyTo(_band);
        _band.AsSpan(_band.Length - values).Clear();
        _top = until;
        _missing.UnionWith(Enumerable.Range(0, _plan.Columns));
    }
}
