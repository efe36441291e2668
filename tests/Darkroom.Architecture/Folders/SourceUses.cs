using System.Text.RegularExpressions;
using Darkroom.Architecture.Sources;

namespace Darkroom.Architecture.Folders;

/// <summary>Uses as the sources name them: constants and <c>nameof</c> too, which leave no trace in an assembly.</summary>
/// <remarks>
/// A name is looked up as the compiler does it: in the namespaces around the file from the inside out, then in those that it imports; or it is qualified,
/// wholly or from a namespace around it. A member that is named like a type in sight counts as that type.
/// </remarks>
internal static partial class SourceUses
{
    public static IEnumerable<TypeUse> In(IReadOnlyList<SourceFile> project)
    {
        var declared = new DeclaredTypes(project);
        string[] everywhere = [.. project.Where(file => file.Code.Contains("global using")).SelectMany(file => file.Imports)];
        return project.SelectMany(file => In(file, declared, everywhere));
    }

    private static IEnumerable<TypeUse> In(SourceFile file, DeclaredTypes declared, string[] everywhere)
    {
        string[] names = [.. Names().Matches(file.Body).Select(match => Spaces().Replace(match.Value, "")).Distinct()];
        foreach (string name in names)
        {
            if (Resolve(name.Split('.'), file, declared, everywhere) is { } type && declared.Find(type) is { } other && other != file)
                yield return new TypeUse(file, type, other);
        }
    }

    private static string? Resolve(string[] name, SourceFile file, DeclaredTypes declared, string[] everywhere)
    {
        for (string space = file.Namespace; ; space = DeclaredTypes.Parent(space))
        {
            if (Below(space, name, declared) is { } found)
                return found;
            if (name.Length > 1 && declared.IsNamespace(DeclaredTypes.Join(space, name[0])))
                return null;
            if (space.Length == 0)
                break;
        }

        return file.Imports.Concat(everywhere).Select(import => DeclaredTypes.Join(import, name[0])).FirstOrDefault(type => declared.Find(type) is not null);
    }

    // Walks namespaces from the left as long as the name has some, and takes the type that follows.
    private static string? Below(string space, string[] name, DeclaredTypes declared)
    {
        string current = space;
        foreach (string part in name)
        {
            current = DeclaredTypes.Join(current, part);
            if (declared.Find(current) is not null)
                return current;
            if (!declared.IsNamespace(current))
                return null;
        }

        return null;
    }

    // Names with their dots; what follows a dot after something else (a call, an index) is a member.
    [GeneratedRegex(@"(?<![\w.])[A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)*")]
    private static partial Regex Names();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
