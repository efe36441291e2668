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
        using var assets = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "obj", "project.assets.json")));
        foreach (var package in assets.RootElement.GetProperty("targets").EnumerateObject().First().Value.EnumerateObject())
        {
            var assemblies = Names(package.Value, "compile").Where(file => file.EndsWith(".dll", StringComparison.Ordinal));
            restored[package.Name.Split('/')[0]] = ([.. assemblies.Select(file => Path.GetFileNameWithoutExtension(file))],
                Names(package.Value, "dependencies"));
        }

        // Which flavour of ONNX Runtime is referenced stands under a condition; the other one was not restored.
        Packages =
        [
            .. from reference in XDocument.Load(projectFile).Descendants("PackageReference")
               let package = reference.Attribute("Include")!.Value
               where reference.Attribute("Condition") is null || restored.ContainsKey(package)
               select package,
        ];
    }

    public string Name { get; }

    public IReadOnlyList<string> Packages { get; }

    /// <summary>The assemblies that a package gives to a compiler: its own, or, where it has none, those of the packages it stands for.</summary>
    public IEnumerable<string> AssembliesOf(string package) => restored.TryGetValue(package, out var found)
        ? found.Assemblies.Length > 0 ? found.Assemblies : found.Dependencies.SelectMany(AssembliesOf)
        : [];

    private static string[] Names(JsonElement package, string part) =>
        package.TryGetProperty(part, out var names) ? [.. names.EnumerateObject().Select(name => name.Name)] : [];
}
