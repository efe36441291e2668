namespace Darkroom.Diffusion.Attention;

/// <summary>
/// Where in a picture the network looked for each word (Tang et al. 2022, "What the DAAM: Interpreting Stable Diffusion Using Cross Attention"): the attention
/// of every position to the word's tokens, averaged over heads, scaled to one size and added over layers and steps.
/// </summary>
/// <remarks>
/// Maps of one size are added as they come and scaled once at the end: bilinear scaling is linear, so the sum is the same. What is kept is one plane for each
/// word and size, whatever the number of steps.
/// </remarks>
/// <param name="words">How many words.</param>
public sealed class WordMaps(int words)
{
    /// <summary>Levels of a network, each half of the one above, at most.</summary>
    private const int MaxLevel = 8;

    private readonly Dictionary<(int Height, int Width), double[][]> sums = []; // by size; the last plane is that of all words of the text

    /// <summary>Adds what one layer gave at one step.</summary>
    /// <param name="map">Mean over the heads of the softmax, [S, T].</param>
    /// <param name="tokens">T.</param>
    /// <param name="height">Of the latents, cells.</param>
    /// <param name="width">Of the latents, cells.</param>
    /// <param name="places">Where the words stand in what was read.</param>
    /// <returns>False where S is no level of such latents: then nothing was added.</returns>
    public bool Add(ReadOnlySpan<float> map, int tokens, int height, int width, WordPlaces places)
    {
        ArgumentNullException.ThrowIfNull(places);
        int positions = map.Length / tokens;
        if (SizeOf(positions, height, width) is not { } size) return false;
        if (!sums.TryGetValue(size, out var planes))
            sums[size] = planes = [.. Enumerable.Range(0, words + 1).Select(_ => new double[positions])];
        for (int position = 0; position < positions; position++)
        {
            var row = map.Slice(position * tokens, tokens);
            for (int word = 0; word < words; word++) planes[word][position] += SumOf(row, places.Words[word]);
            planes[words][position] += SumOf(row, places.Content);
        }
        return true;
    }

    /// <summary>
    /// The share of a word in all attention to the text's own tokens, 0…1: the mean of its map by that of all words together. What goes to the start, the end
    /// and the padding is left out, which is most of it and says nothing of words.
    /// </summary>
    public double ShareOf(int word)
    {
        double own = 0, all = 0;
        foreach (var ((height, width), planes) in sums)
        {
            own += planes[word].Sum() / (height * width);
            all += planes[words].Sum() / (height * width);
        }
        return all > 0 ? own / all : 0;
    }

    /// <summary>The word's map at a size, [height, width], without a unit: only its values beside each other mean something.</summary>
    public float[] MapOf(int word, int height, int width)
    {
        var map = new float[height * width];
        foreach (var (size, planes) in sums) AddScaled(planes[word], size.Height, size.Width, map, height, width);
        return map;
    }

    /// <summary>The grid that so many positions are: the latents', halved as often as a network does; an odd side is rounded up as convolutions do.</summary>
    private static (int Height, int Width)? SizeOf(int positions, int height, int width)
    {
        for (int level = 0; level < MaxLevel; level++, height = (height + 1) / 2, width = (width + 1) / 2)
            if (height * width == positions) return (height, width);
        return null;
    }

    private static double SumOf(ReadOnlySpan<float> row, IReadOnlyList<int> places)
    {
        double sum = 0;
        for (int i = 0; i < places.Count; i++) sum += row[places[i]]; // by index: an enumerator would be allocated for each position
        return sum;
    }

    /// <summary>Bilinear, the centres of cells at half steps, edges repeated: torch's <c>interpolate(mode="bilinear", align_corners=False)</c>.</summary>
    private static void AddScaled(double[] from, int fromHeight, int fromWidth, float[] to, int height, int width)
    {
        for (int y = 0; y < height; y++)
        {
            var (top, bottom, down) = Between(y, height, fromHeight);
            for (int x = 0; x < width; x++)
            {
                var (left, right, across) = Between(x, width, fromWidth);
                double above = from[top * fromWidth + left] * (1 - across) + from[top * fromWidth + right] * across;
                double below = from[bottom * fromWidth + left] * (1 - across) + from[bottom * fromWidth + right] * across;
                to[y * width + x] += (float)(above * (1 - down) + below * down);
            }
        }
    }

    private static (int First, int Second, double Part) Between(int at, int size, int from)
    {
        double place = Math.Clamp((at + 0.5) * from / size - 0.5, 0, from - 1);
        int first = (int)place;
        return (first, Math.Min(first + 1, from - 1), place - first);
    }
}
