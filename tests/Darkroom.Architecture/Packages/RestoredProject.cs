using System.Text.Json;
using System.Xml.Linq;

namespace Darkroom.Architecture.Packages;

/// <summary>A project's packages: those that it names, and what restoring them gave.</summary>
internal sealed class RestoredProject
{
    private readonly Dictionary<string, (string[] Assemblies, string[] Dependencies)> restored = new(StringComparer.OrdinalIgnoreCase);

    public RestoredProject(string projectFile)
    {
        Name = Path.GetFileNameWithoutExtension(projectFile);
        string folder = Path.GetDirectoryName(projectFile)!;
        Packages = [.. XDocument.Load(projectFile).Descendants("PackageReference").Where(Restored).Select(reference => reference.Attribute("Include")!.Value)];
        using var assets = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "obj", "project.assets.json")));
        foreach (var package in assets.RootElement.GetProperty("targets").EnumerateObject().First().Value.EnumerateObject())
        {
            var assemblies = Names(package.Value, "compile").Where(file => file.EndsWith(".dll", StringComparison.Ordinal));
            restored[package.Name.Split('/')[0]] = ([.. assemblies.Select(file => Path.GetFileNameWithoutExtension(file))], Names(package.Value, "dependencies"));
        }
    }

    public string Name { get; }

    public IReadOnlyList<string> Packages { get; }

    /// <summary>The assemblies that a package gives to a compiler: its own, or, where it has none, those of the packages it stands for.</summary>
    public IEnumerable<string> AssembliesOf(string package) => restored.TryGetValue(package, out var found)
        ? found.Assemblies.Length > 0 ? found.Assemblies : found.Dependencies.SelectMany(AssembliesOf)
        : [];

    // The default build's: what stands under a condition on the other flavour was not restored.
    private static bool Restored(XElement reference) => reference.Attribute("Condition")?.Value.Contains("'Gpu'") is not true;

    private static string[] Names(JsonElement package, string part) =>
        package.TryGetProperty(part, out var names) ? [.. names.EnumerateObject().Select(name => name.Name)] : [];
}
