"""What was printed, how it looked and how it ended stays: refused here, whatever code or person tries."""

from django.db import migrations

FREEZE = """
CREATE OR REPLACE FUNCTION certificates_stay_as_printed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a certificate is revoked, never deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF ROW(OLD.uid, OLD.number, OLD.version, OLD.kind, OLD.enrolment_id, OLD.training_class_id,
           OLD.county_code, OLD.seat, OLD.printed, OLD.issued_at, OLD.issued_by_id, OLD.design_id)
       IS DISTINCT FROM
       ROW(NEW.uid, NEW.number, NEW.version, NEW.kind, NEW.enrolment_id, NEW.training_class_id,
           NEW.county_code, NEW.seat, NEW.printed, NEW.issued_at, NEW.issued_by_id, NEW.design_id)
       OR OLD.pdf_sha256 <> '' AND ROW(OLD.pdf_sha256, OLD.unsigned_sha256, OLD.code)
                                   IS DISTINCT FROM ROW(NEW.pdf_sha256, NEW.unsigned_sha256, NEW.code)
    THEN
        RAISE EXCEPTION 'a certificate stays as it was printed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state <> 'valid' AND ROW(OLD.state, OLD.state_reason, OLD.state_since)
                                IS DISTINCT FROM ROW(NEW.state, NEW.state_reason, NEW.state_since)
    THEN
        RAISE EXCEPTION 'a certificate that ended does not come back' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END;
$$;
"""
AS_BEFORE = """
CREATE OR REPLACE FUNCTION certificates_stay_as_printed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a certificate is revoked, never deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF ROW(OLD.uid, OLD.number, OLD.version, OLD.kind, OLD.enrolment_id, OLD.training_class_id,
           OLD.county_code, OLD.seat, OLD.printed, OLD.issued_at, OLD.issued_by_id)
       IS DISTINCT FROM
       ROW(NEW.uid, NEW.number, NEW.version, NEW.kind, NEW.enrolment_id, NEW.training_class_id,
           NEW.county_code, NEW.seat, NEW.printed, NEW.issued_at, NEW.issued_by_id)
       OR OLD.pdf_sha256 <> '' AND OLD.pdf_sha256 <> NEW.pdf_sha256
    THEN
        RAISE EXCEPTION 'a certificate stays as it was printed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END;
$$;
"""
# Designs and published keys: nothing but a key's end is ever written again.
KEEP = """
CREATE FUNCTION certificates_never_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'certificates_publishedkey'
       AND to_jsonb(OLD) - 'replaced_at' = to_jsonb(NEW) - 'replaced_at'
       AND to_jsonb(OLD) ->> 'replaced_at' IS NULL
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% stays as it is', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END;
$$;
CREATE TRIGGER designs_stay BEFORE UPDATE OR DELETE ON certificates_certificatedesign
    FOR EACH ROW EXECUTE FUNCTION certificates_never_change();
CREATE TRIGGER published_keys_stay BEFORE UPDATE OR DELETE ON certificates_publishedkey
    FOR EACH ROW EXECUTE FUNCTION certificates_never_change();
"""
LET_GO = """
DROP TRIGGER designs_stay ON certificates_certificatedesign;
DROP TRIGGER published_keys_stay ON certificates_publishedkey;
DROP FUNCTION certificates_never_change();
"""


class Migration(migrations.Migration):
    """Extends the trigger of 0002; designs and published keys get one of their own."""

    dependencies = [("certificates", "0004_papers")]
    operations = [migrations.RunSQL(FREEZE, AS_BEFORE), migrations.RunSQL(KEEP, LET_GO)]
