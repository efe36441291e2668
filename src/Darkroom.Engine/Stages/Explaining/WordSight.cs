using System.Runtime.CompilerServices;
using Darkroom.Diffusion.Attention;
using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Graphs.Observing;
using Darkroom.Models.Text;

namespace Darkroom.Engine.Stages.Explaining;

/// <summary>Adds up where the lanes of a row that read its prompt look for the words asked for, as its denoiser is called.</summary>
internal sealed class WordSight
{
    private readonly RowMemory row;
    private readonly RowTexts texts;
    private readonly LatentShape shape;
    private readonly Observer[] observers; // by part of the prompt
    private readonly WordPlaces?[] places; // by the same: of what it reads now
    private readonly Dictionary<TokenizedText, WordPlaces> found = new(ReferenceComparer.Instance);

    private WordSight(RowMemory row, RowTexts texts)
    {
        (this.row, this.texts, shape) = (row, texts, row.Shape);
        int parts = texts.Lanes - texts.NegativeLanes;
        places = new WordPlaces?[parts];
        observers = [.. Enumerable.Range(0, parts).Select(part => new Observer((_, sides, values) => Take(part, sides, values)))];
        row.Words ??= new WordMaps(row.Request.Explain!.Count);
        WarnOfMissing();
    }

    /// <summary>Null where the row's request does not ask.</summary>
    public static WordSight? Of(RowMemory row, RowTexts texts) => row.Request.Explain is null ? null : new(row, texts);

    /// <summary>Takes what is observed of a lane; null for one that reads the negative prompt.</summary>
    public Observer? ObserverOf(int lane) => lane < texts.NegativeLanes ? null : observers[lane - texts.NegativeLanes];

    /// <summary>The lanes read what they do at a step.</summary>
    public void Read(int step)
    {
        int first = 0;
        foreach (var text in Parts(step)) places[first++] = PlacesOf(text);
    }

    private IEnumerable<TokenizedText> Parts(int step) => texts.ReadAt(step).Skip(texts.HasNegative ? 1 : 0);

    private void Take(int part, ReadOnlySpan<int> sides, ReadOnlySpan<float> values)
    {
        if (places[part] is { } now) row.Words!.Add(values, sides[^1], shape.Height, shape.Width, now); // [S, T]
    }

    private WordPlaces? PlacesOf(TokenizedText text)
    {
        if (!found.TryGetValue(text, out var known) && row.Model.Locate(text, row.Request.Explain!) is { } made) found[text] = known = made;
        return known;
    }

    /// <summary>A word may lie behind what the model reads of a prompt.</summary>
    private void WarnOfMissing()
    {
        WordPlaces[] all = [.. texts.Plan.Ranges.SelectMany(range => Parts(Math.Max(0, range.End - 1))).Select(PlacesOf).OfType<WordPlaces>()];
        for (int word = 0; word < row.Request.Explain!.Count; word++)
            if (Array.TrueForAll(all, text => text.Words[word].Count == 0))
                row.Warn($"explain: the model does not read '{row.Request.Explain[word]}', which is not among the tokens of the prompt");
    }

    private sealed class ReferenceComparer : IEqualityComparer<TokenizedText>
    {
        public static ReferenceComparer Instance { get; } = new();

        public bool Equals(TokenizedText? left, TokenizedText? right) => ReferenceEquals(left, right);

        public int GetHashCode(TokenizedText text) => RuntimeHelpers.GetHashCode(text);
    }
}
