namespace Darkroom.Models.Files;

/// <summary>A path without links: each folder of it is the thing itself.</summary>
internal static class RealPath
{
    private const int MostLinks = 40;

    /// <summary>Where links lead in a circle or nowhere, the path as far as it could be followed.</summary>
    public static string Of(string path) => Resolve(Path.GetFullPath(path), MostLinks);

    private static string Resolve(string path, int links)
    {
        if (Path.GetDirectoryName(path) is not { } parent) return path; // the root
        string here = Path.Combine(Resolve(parent, links), Path.GetFileName(path));
        if (links == 0 || new DirectoryInfo(here).LinkTarget is not { } target) return here;
        return Resolve(Path.GetFullPath(target, Path.GetDirectoryName(here)!), links - 1);
    }
}
