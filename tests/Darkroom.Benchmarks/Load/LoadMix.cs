using System.Globalization;
using System.Text;
using Darkroom.Imaging;
using Darkroom.Imaging.Resize;
using Darkroom.TestKit;

namespace Darkroom.Benchmarks.Load;

/// <summary>
/// The stream of requests of one point: decks of 50 in the stated shares, shuffled by the seed, so that every stretch of a run has nearly the same work
/// and servers that are compared get the same requests. Safe for several clients.
/// </summary>
internal sealed class LoadMix(int seed)
{
    public const int DeckLength = 50;

    private static readonly string[] Things =
        ["red apple", "fox", "orange", "blue car", "cat", "tree", "house", "guitar", "green frog", "umbrella", "rocket", "pizza", "owl", "rose", "crown",
            "whale"];

    private static readonly string[] Grounds = ["white", "light blue", "yellow", "pink", "black", "grey", "green", "orange"];

    private static readonly LoadKind[] Deck = [.. LoadKind.All.SelectMany(kind => Enumerable.Repeat(kind, kind.Share))];

    private static readonly Dictionary<LoadKind, string> Tails = LoadKind.All.ToDictionary(kind => kind, Tail);

    private readonly Random random = new(seed);
    private readonly Lock gate = new();
    private readonly LoadKind[] deck = [.. Deck];
    private int dealt = Deck.Length;

    public (LoadKind Kind, byte[] Body) Next()
    {
        LoadKind kind;
        string prompt;
        int picture;
        lock (gate)
        {
            if (dealt == deck.Length)
            {
                random.Shuffle(deck);
                dealt = 0;
            }
            kind = deck[dealt++];
            prompt = $"{Things[random.Next(Things.Length)]}, 3d render, on a {Grounds[random.Next(Grounds.Length)]} background";
            picture = random.Next();
        }
        string head = kind.Task == "upscale" ? "{" : string.Create(CultureInfo.InvariantCulture, $$"""{"prompt":"{{prompt}}","seed":{{picture}},""");
        return (kind, Encoding.UTF8.GetBytes(head + Tails[kind]));
    }

    /// <summary>What is the same in every request of a kind; pictures are most of it.</summary>
    private static string Tail(LoadKind kind)
    {
        string tail = $"{kind.Fields.Trim()},\"return\":\"url\"";
        // The mix is of what the network draws: the starter's default upscaler would be most of a short request.
        if (kind.Task == "txt2img") tail += ",\"upscale\":null";
        else tail += $",\"image\":\"{Convert.ToBase64String(Sent(kind.Task == "upscale" ? 32 : 64))}\"";
        if (kind.HasMask) tail += $",\"mask\":\"{Convert.ToBase64String(Mask())}\"";
        return tail + "}";
    }

    private static byte[] Sent(int side)
    {
        var apple = PictureDecoder.Decode(File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "conformance", "starter", "0-ddim.png")));
        return PictureEncoder.Encode(Resampler.Resize(apple, side, side), PictureFormat.Png, 90, null);
    }

    private static byte[] Mask()
    {
        var mask = Picture.Blank(64, 64, 1);
        for (int y = 0; y < 64; y++) mask.Pixels.AsSpan(y * 64 + 32, 32).Fill(255);
        return PictureEncoder.Encode(mask, PictureFormat.Png, 90, null);
    }
}
