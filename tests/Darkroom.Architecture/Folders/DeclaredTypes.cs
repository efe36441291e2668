using Darkroom.Architecture.Sources;

namespace Darkroom.Architecture.Folders;

/// <summary>The types of a project by full name, each with the file that declares it.</summary>
internal sealed class DeclaredTypes
{
    private readonly Dictionary<string, SourceFile> files = new(StringComparer.Ordinal);
    private readonly HashSet<string> namespaces = [.. SourceTree.Rooms.SelectMany(file => Outward(file.Namespace))];

    public DeclaredTypes(IEnumerable<SourceFile> project)
    {
        foreach (var file in project)
        {
            namespaces.UnionWith(Outward(file.Namespace));
            foreach (string type in file.Types)
                files.TryAdd(Join(file.Namespace, type), file);
        }
    }

    /// <summary>The file of a type, of which parts may lie in several: the first by path.</summary>
    public SourceFile? Find(string fullName) => files.GetValueOrDefault(fullName);

    /// <summary>Whether any room has a namespace of this full name.</summary>
    public bool IsNamespace(string name) => namespaces.Contains(name);

    /// <summary>The full name of the namespace around a name; empty outside of all.</summary>
    public static string Parent(string name) => name.LastIndexOf('.') is var dot and >= 0 ? name[..dot] : "";

    public static string Join(string space, string name) => space.Length == 0 ? name : $"{space}.{name}";

    private static IEnumerable<string> Outward(string name)
    {
        for (; name.Length > 0; name = Parent(name))
            yield return name;
    }
}
