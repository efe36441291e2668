using System.Reflection;
using System.Text;
using System.Xml.Linq;

namespace Darkroom.Server.OpenApi;

/// <summary>What the comments in the sources say of types and properties: the document repeats it, so that it stands once.</summary>
internal sealed class ContractComments
{
    private readonly Dictionary<string, XElement> members;

    private ContractComments(Dictionary<string, XElement> members) => this.members = members;

    /// <summary>Of this program, from the file that the compiler wrote beside it; none where the file is not there.</summary>
    public static ContractComments Load()
    {
        var file = Path.Combine(AppContext.BaseDirectory, typeof(ContractComments).Assembly.GetName().Name + ".xml");
        return new(!File.Exists(file) ? [] : XDocument.Load(file).Descendants("member").ToDictionary(static one => (string)one.Attribute("name")!));
    }

    /// <summary>The summary of a type; null for none.</summary>
    public string? Of(Type type) => Text(members.GetValueOrDefault("T:" + type.FullName)?.Element("summary"));

    /// <summary>The summary of a property, or what its record says of the parameter; null for neither.</summary>
    public string? Of(PropertyInfo property)
    {
        var type = property.DeclaringType!.FullName;
        return Text(members.GetValueOrDefault($"P:{type}.{property.Name}")?.Element("summary"))
            ?? Text(members.GetValueOrDefault("T:" + type)?.Elements("param").FirstOrDefault(one => (string?)one.Attribute("name") == property.Name));
    }

    private static string? Text(XElement? comment)
    {
        if (comment is null) return null;
        var text = new StringBuilder();
        Append(text, comment);
        return string.Join(' ', text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) is { Length: > 0 } words ? words : null;
    }

    private static void Append(StringBuilder text, XElement element)
    {
        foreach (var node in element.Nodes())
            if (node is XText plain) text.Append(plain.Value);
            else if (node is XElement { Name.LocalName: "c" } code) text.Append('`').Append(code.Value).Append('`');
            else if (node is XElement { Name.LocalName: "see" or "paramref" } name)
                text.Append('`').Append(((string?)name.Attribute("cref") ?? (string?)name.Attribute("name"))?.Split('.', ':')[^1]).Append('`');
            else if (node is XElement other) Append(text, other);
    }
}
