using Darkroom.Engine.Jobs;
using Darkroom.Imaging;

namespace Darkroom.Engine.Execution;

/// <summary>What a row saw of the words asked for, as pictures.</summary>
internal static class WordPictures
{
    /// <summary>Each word with its map over the finished picture as a PNG, which is still to be stored.</summary>
    public static IEnumerable<(Attribution Word, byte[] Bytes)> Of(Row row, Picture picture)
    {
        if (row.Memory.Words is not { } words) yield break;
        var (height, width) = (row.Memory.Shape.Height, row.Memory.Shape.Width);
        foreach (var (index, word) in row.Request.Explain!.Index())
        {
            var drawn = HeatMap.Over(picture, words.MapOf(index, height, width), height, width);
            yield return (new Attribution(word, row.Memory.Model.TokensOf(word), words.ShareOf(index), ""),
                PictureEncoder.Encode(drawn, PictureFormat.Png, quality: 100, label: null));
        }
    }
}
