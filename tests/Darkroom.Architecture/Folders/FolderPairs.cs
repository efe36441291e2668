using Darkroom.Architecture.Sources;

namespace Darkroom.Architecture.Folders;

/// <summary>The pairs of folders of a project that know each other.</summary>
/// <remarks>
/// Two folders are compared where their paths part: <c>Samplers/Diffusers</c> and <c>Schedules/KDiffusion</c> as Samplers and Schedules,
/// <c>Samplers/Diffusers</c> and <c>Samplers/KDiffusion</c> as these. A folder and its own subfolder may know each other.
/// A file at the project's root counts for itself: either it puts folders together and is known by none of them, or folders use it and it knows none of them.
/// </remarks>
internal sealed class FolderPairs(IEnumerable<TypeUse> uses)
{
    private readonly ILookup<(string From, string To), TypeUse> directions = uses
        .Select(use => (Places: Part(use.User, use.Declared), Use: use))
        .Where(part => part.Places is not null)
        .ToLookup(part => part.Places!.Value, part => part.Use);

    /// <summary>Each pair once, in the order of the alphabet, as <c>A ↔ B</c>.</summary>
    public IEnumerable<string> Names => directions
        .Select(direction => direction.Key)
        .Where(pair => string.CompareOrdinal(pair.From, pair.To) < 0 && directions.Contains((pair.To, pair.From)))
        .Select(pair => $"{pair.From} ↔ {pair.To}")
        .Order(StringComparer.Ordinal);

    /// <summary>Who uses what, in both directions.</summary>
    public string Explain(string pair)
    {
        string[] places = pair.Split(" ↔ ");
        return $"{pair}\n{Uses(places[0], places[1])}{Uses(places[1], places[0])}";
    }

    private string Uses(string from, string to) => string.Concat(directions[(from, to)]
        .Select(use => $"    {from} → {to}: {use.User.Path} uses {use.Type} ({use.Declared.Path})\n")
        .Distinct()
        .Order(StringComparer.Ordinal));

    private static (string From, string To)? Part(SourceFile user, SourceFile declared)
    {
        if (user.Folder.Length == 0 || declared.Folder.Length == 0)
            return user.Folder == declared.Folder ? null : (RootOr(user), RootOr(declared));
        string[] from = user.Folder.Split('/'), to = declared.Folder.Split('/');
        int shared = from.Zip(to).TakeWhile(pair => pair.First == pair.Second).Count();
        return shared == from.Length || shared == to.Length ? null : (string.Join('/', from[..(shared + 1)]), string.Join('/', to[..(shared + 1)]));
    }

    // Folders below the first are not told apart here: to a file at the root all of a folder is one.
    private static string RootOr(SourceFile file) => file.Folder.Length == 0 ? Path.GetFileName(file.Path) : file.Folder.Split('/')[0];
}
